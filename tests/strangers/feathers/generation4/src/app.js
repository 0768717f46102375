import errors from '@feathersjs/errors'
import express from '@feathersjs/express'
import feathers from '@feathersjs/feathers'
import knexService from 'feathers-knex'
import { toInstant, toInstantQuery } from '../../shared/dates.js'
import { TEXTS } from '../../shared/fields.js'
import * as hooks from '../../shared/hooks.js'
import { createDatabase } from './database.js'

const TIMES = ['created_at', 'modified_at']

// The database keeps no lengths, so they are checked here.
async function checkLengths(context) {
  const tooLong = Object.entries(TEXTS).filter(([name, limit]) => limit && [...(context.data[name] ?? '')].length > limit)
  const problems = Object.fromEntries(tooLong.map(([name, limit]) => [name, `takes ${limit} characters`]))

  if (tooLong.length) throw new errors.BadRequest('Invalid contact', { errors: problems })
  return context
}

// Times are stored in one notation: those that were sent, and on every write the time of the last edit.
async function setTimes(context) {
  const now = new Date().toISOString()
  const defaults = context.method === 'create' ? { created_at: now, modified_at: now } : { modified_at: now }
  const sent = TIMES.filter((name) => context.data[name] !== undefined)

  context.data = {
    ...context.data,
    ...defaults,
    ...Object.fromEntries(sent.map((name) => [name, toInstant(context.data[name], errors)]))
  }
  return context
}

async function readTimes(context) {
  const { query } = context.params
  for (const name of TIMES) if (query?.[name] !== undefined) query[name] = toInstantQuery(query[name], errors)
  return context
}

async function withRelated(contact, app) {
  const lookUp = async (path, id, ...names) => {
    if (id === null) return null
    const row = await app.service(path).get(id)
    return Object.fromEntries(names.map((name) => [name, row[name]]))
  }
  return {
    ...contact,
    addresses: [],
    hotness: await lookUp('hotnesses', contact.hotness_id, 'name', 'rank', 'color'),
    custom_fields: [],
    source: await lookUp('sources', contact.source_id, 'id', 'name', 'user_id', 'created_at')
  }
}

async function showRelated(context) {
  const { app, result } = context
  const show = (contact) => withRelated(contact, app)
  context.result = result.data
    ? { ...result, data: await Promise.all(result.data.map(show)) }
    : await show(result)
  return context
}

function contacts(app, knex) {
  const sharedWith = (user) => knex('shares').where({ user_id: user }).pluck('contact_id')
  const limited = [readTimes, hooks.limitToVisible(sharedWith)]
  const written = [hooks.checkAssignee(errors), hooks.checkLookups, checkLengths, setTimes]

  app.use('/contacts', knexService({ Model: knex, name: 'contacts', paginate: { default: 10, max: 50 } }))
  app.service('contacts').hooks({
    before: {
      all: [hooks.authenticate(errors)],
      find: limited,
      get: limited,
      create: [hooks.setOwner, ...written],
      update: [hooks.disallow(errors)],
      patch: [hooks.requireVisible, hooks.keepOwner, ...written],
      remove: [hooks.requireVisible, hooks.requireOwner(errors)]
    },
    after: { find: [showRelated], get: [showRelated], create: [showRelated], patch: [showRelated] }
  })
}

function lookups(app, knex) {
  for (const name of ['hotnesses', 'sources']) {
    app.use(`/${name}`, knexService({ Model: knex, name, paginate: { default: 10, max: 50 } }))
    const readOnly = ['create', 'update', 'patch', 'remove'].map((method) => [method, [hooks.disallow(errors)]])
    app.service(name).hooks({ before: { all: [hooks.authenticate(errors)], ...Object.fromEntries(readOnly) } })
  }
}

function shares(app, knex) {
  app.use('/shares', knexService({ Model: knex, name: 'shares' }))
  app.service('shares').hooks({
    before: { all: [hooks.authenticate(errors)], create: [hooks.requireOwnContact(errors)] }
  })
}

export async function createApp(options) {
  const knex = await createDatabase(options)
  const app = express(feathers())

  app.use(express.json())
  app.use(express.urlencoded({ extended: true }))
  app.configure(express.rest())
  app.use(hooks.passToken)

  contacts(app, knex)
  lookups(app, knex)
  shares(app, knex)

  app.use(express.notFound())
  app.use(express.errorHandler({ logger: false }))
  return app
}
