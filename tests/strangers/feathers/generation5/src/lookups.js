// Read-only lists that contacts refer to.
import { authenticate } from '@feathersjs/authentication'
import { KnexService } from '@feathersjs/knex'

export function lookups(app) {
  for (const name of ['hotnesses', 'sources']) {
    const options = { Model: app.get('knex'), name, paginate: { default: 10, max: 50 } }

    app.use(name, new KnexService(options), { methods: ['find', 'get'] })
    app.service(name).hooks({ around: { all: [authenticate('token')] } })
  }
}
