// The rules of contacts as hooks, as generations 3 and 4 write them: each changes `context` and gives it back.
// `errors` is the generation's own package, `sharedWith` answers the ids of the contacts that a user was given.
import { bearerToken, sameTeam, userById, userByToken } from './people.js'

const isUnset = (value) => value === undefined || value === null

// Express middleware that hands the header to the hooks.
export function passToken(req, _res, next) {
  req.feathers = { ...req.feathers, token: bearerToken(req.headers.authorization) }
  next()
}

export const authenticate = (errors) => async (context) => {
  if (!context.params.provider) return context

  const user = userByToken(context.params.token)
  if (!user) throw new errors.NotAuthenticated('Invalid access token')
  context.params.user = user
  return context
}

export const disallow = (errors) => async (context) => {
  throw new errors.MethodNotAllowed(`Method ${context.method} is not supported`)
}

// Narrows what the caller asked for to own, assigned and shared contacts.
export const limitToVisible = (sharedWith) => async (context) => {
  const { user, query = {} } = context.params
  if (!user) return context

  const visible = {
    $or: [{ owner_user_id: user.id }, { assigned_user_id: user.id }, { id: { $in: await sharedWith(user.id) } }]
  }
  context.params.query = { ...query, $and: [...(query.$and ?? []), visible] }
  return context
}

// A contact that the caller may not see is not found; one that is not theirs they may not remove.
export const requireVisible = async (context) => {
  const { id, params, service } = context
  if (params.user && id !== null) context.params.before = await service.get(id, { user: params.user })
  return context
}

export const requireOwner = (errors) => async (context) => {
  const { before, user } = context.params
  if (before && before.owner_user_id !== user.id) throw new errors.Forbidden('Only the owner may remove a contact')
  return context
}

export const setOwner = async (context) => {
  context.data = { ...context.data, owner_user_id: context.params.user.id }
  return context
}

export const keepOwner = async (context) => {
  const { owner_user_id: _ignored, ...data } = context.data
  context.data = data
  return context
}

export const checkAssignee = (errors) => async (context) => {
  const { assigned_user_id: id } = context.data
  if (!isUnset(id) && !sameTeam(context.params.user, Number(id))) {
    throw new errors.BadRequest('The assigned user is in none of your teams')
  }
  return context
}

// References to rows of other services, which have to exist.
export const checkLookups = async (context) => {
  for (const [field, path] of [['hotness_id', 'hotnesses'], ['source_id', 'sources']]) {
    if (!isUnset(context.data[field])) await context.app.service(path).get(context.data[field])
  }
  return context
}

export const requireOwnContact = (errors) => async (context) => {
  const { app, data, params } = context
  const contact = await app.service('contacts').get(data.contact_id, { user: params.user })

  if (contact.owner_user_id !== params.user.id) throw new errors.Forbidden('Only the owner may share a contact')
  if (!userById(data.user_id)) throw new errors.BadRequest('There is no such user to share with')
  return context
}
