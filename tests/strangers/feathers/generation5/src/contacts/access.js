// Who may see a contact, and who may remove it. Calls from inside the application carry no user and are not limited.
import { Forbidden } from '@feathersjs/errors'

// A query that fits exactly the contacts that a user may see: own ones, assigned ones, shared ones.
export async function visibleTo(user, app) {
  const shared = await app.get('knex')('shares').where({ user_id: user.id }).pluck('contact_id')

  return {
    $or: [{ owner_user_id: user.id }, { assigned_user_id: user.id }, { id: { $in: shared } }]
  }
}

// Narrows what the caller asked for. Added with $and, because the caller's query may have an $or of its own.
export async function limitToVisible(context) {
  const { user, query = {} } = context.params

  if (!user) return

  const visible = await visibleTo(user, context.app)
  context.params.query = { ...query, $and: [...(query.$and ?? []), visible] }
}

// Runs after limitToVisible: somebody else's invisible contact is not found, a visible one is refused.
export async function restrictToOwner(context) {
  const { id, params, service } = context

  // Without an id the adapter itself refuses.
  if (!params.user || id === null) return

  const contact = await service._get(id, { query: params.query })
  if (contact.owner_user_id !== params.user.id) throw new Forbidden('Only the owner may remove a contact')
}
