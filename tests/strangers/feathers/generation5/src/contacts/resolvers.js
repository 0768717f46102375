import * as errors from '@feathersjs/errors'
import { resolve, virtual } from '@feathersjs/schema'
import { toInstant, toInstantQuery } from '../../../shared/dates.js'
import { sameTeam } from '../../../shared/people.js'

const now = () => new Date().toISOString()

const isUnset = (value) => value === undefined || value === null

async function assignee(value, _contact, context) {
  if (isUnset(value)) return value

  const id = Number(value)
  if (!sameTeam(context.params.user, id)) throw new errors.BadRequest('The assigned user is in none of your teams')
  return id
}

// A reference to a row of another service, which has to exist.
const referenceTo = (path) => async (value, _contact, context) => {
  if (isUnset(value)) return value

  const { id } = await context.app.service(path).get(Number(value))
  return id
}

const written = {
  assigned_user_id: assignee,
  hotness_id: referenceTo('hotnesses'),
  source_id: referenceTo('sources')
}

export const contactDataResolver = resolve({
  ...written,
  owner_user_id: async (_value, _contact, context) => context.params.user.id,
  created_at: async (value) => (value === undefined ? now() : toInstant(value, errors)),
  modified_at: async (value) => (value === undefined ? now() : toInstant(value, errors))
})

export const contactPatchResolver = resolve({
  ...written,
  created_at: async (value) => (value === undefined ? undefined : toInstant(value, errors)),
  modified_at: async (value) => (value === undefined ? now() : toInstant(value, errors))
})

// $or and $and hold queries of their own, in which dates have to be brought to the stored notation as well.
const nested = async (queries, _query, context) =>
  queries && Promise.all(queries.map((query) => contactQueryResolver.resolve(query, context)))

export const contactQueryResolver = resolve({
  created_at: async (value) => toInstantQuery(value, errors),
  modified_at: async (value) => toInstantQuery(value, errors),
  $or: nested,
  $and: nested
})

export const contactResolver = resolve({
  hotness: virtual(async ({ hotness_id: id }, context) => {
    if (isUnset(id)) return null

    const { name, rank, color } = await context.app.service('hotnesses').get(id)
    return { name, rank, color }
  }),
  source: virtual(async ({ source_id: id }, context) =>
    isUnset(id) ? null : context.app.service('sources').get(id)
  ),
  // Addresses and custom fields have endpoints of their own, which this service does not offer.
  addresses: virtual(async () => []),
  custom_fields: virtual(async () => [])
})
