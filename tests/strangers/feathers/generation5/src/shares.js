// Sharing a contact with somebody. Not part of the contacts contract, which only says that contacts can be shared.
import { authenticate } from '@feathersjs/authentication'
import { BadRequest, Forbidden } from '@feathersjs/errors'
import { KnexService } from '@feathersjs/knex'
import { getValidator, hooks as schemaHooks } from '@feathersjs/schema'
import { userById } from '../../shared/people.js'
import { visibleTo } from './contacts/access.js'
import { dataValidator } from './validators.js'

const shareDataValidator = getValidator(
  {
    $id: 'ShareData',
    type: 'object',
    additionalProperties: false,
    required: ['contact_id', 'user_id'],
    properties: { contact_id: { type: 'integer' }, user_id: { type: 'integer' } }
  },
  dataValidator
)

async function restrictToOwnContact({ app, data, params }) {
  const query = await visibleTo(params.user, app)
  const contact = await app.service('contacts')._get(data.contact_id, { query })

  if (contact.owner_user_id !== params.user.id) throw new Forbidden('Only the owner may share a contact')
  if (!userById(data.user_id)) throw new BadRequest('There is no such user to share with')
}

// Sharing twice is the same as sharing once: a result that is set already keeps the adapter from inserting.
async function keepExisting(context) {
  const existing = await context.app.get('knex')('shares').where(context.data).first()

  if (existing) context.result = existing
}

export function shares(app) {
  app.use('shares', new KnexService({ Model: app.get('knex'), name: 'shares' }), { methods: ['create'] })

  app.service('shares').hooks({
    around: { all: [authenticate('token')] },
    before: { create: [schemaHooks.validateData(shareDataValidator), restrictToOwnContact, keepExisting] }
  })
}
