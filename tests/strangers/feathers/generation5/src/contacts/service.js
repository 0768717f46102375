import { authenticate } from '@feathersjs/authentication'
import { KnexService } from '@feathersjs/knex'
import { hooks as schemaHooks } from '@feathersjs/schema'
import { limitToVisible, restrictToOwner } from './access.js'
import * as resolvers from './resolvers.js'
import { contactDataValidator, contactPatchValidator, contactQueryValidator } from './schema.js'

export function contacts(app) {
  const options = {
    Model: app.get('knex'),
    name: 'contacts',
    paginate: { default: 10, max: 50 }
  }

  // `update` is left out, so PUT answers whatever the framework says about methods that a service does not have.
  app.use('contacts', new KnexService(options), { methods: ['find', 'get', 'create', 'patch', 'remove'] })

  app.service('contacts').hooks({
    around: {
      all: [
        authenticate('token'),
        schemaHooks.resolveExternal(),
        schemaHooks.resolveResult(resolvers.contactResolver)
      ]
    },
    before: {
      all: [
        schemaHooks.validateQuery(contactQueryValidator),
        schemaHooks.resolveQuery(resolvers.contactQueryResolver)
      ],
      find: [limitToVisible],
      get: [limitToVisible],
      create: [
        schemaHooks.validateData(contactDataValidator),
        schemaHooks.resolveData(resolvers.contactDataResolver)
      ],
      patch: [
        limitToVisible,
        schemaHooks.validateData(contactPatchValidator),
        schemaHooks.resolveData(resolvers.contactPatchResolver)
      ],
      remove: [limitToVisible, restrictToOwner]
    }
  })
}
