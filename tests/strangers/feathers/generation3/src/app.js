import errors from '@feathersjs/errors'
import express from '@feathersjs/express'
import feathers from '@feathersjs/feathers'
import sequelizeService from 'feathers-sequelize'
import * as hooks from '../../shared/hooks.js'
import { createModels } from './models.js'

// Related rows are read along with the contact; the models' instances become plain objects again.
const includeRelated = ({ Hotness, Source, Address }) => async (context) => {
  const include = [
    { model: Hotness, as: 'hotness', attributes: ['name', 'rank', 'color'] },
    { model: Source, as: 'source' },
    { model: Address, as: 'addresses' }
  ]
  context.params.sequelize = { include, raw: false }
  return context
}

const withCustomFields = (contact) => ({ ...(contact.toJSON?.() ?? contact), custom_fields: [] })

const showRelated = async (context) => {
  const { result } = context
  context.result = result.data ? { ...result, data: result.data.map(withCustomFields) } : withCustomFields(result)
  return context
}

function contacts(app, models) {
  const sharedWith = async (user) => (await models.Share.findAll({ where: { user_id: user } })).map((s) => s.contact_id)

  app.use('/contacts', sequelizeService({ Model: models.Contact, paginate: { default: 10, max: 50 } }))
  app.service('contacts').hooks({
    before: {
      all: [hooks.authenticate(errors)],
      find: [hooks.limitToVisible(sharedWith), includeRelated(models)],
      get: [hooks.limitToVisible(sharedWith), includeRelated(models)],
      create: [hooks.setOwner, hooks.checkAssignee(errors), hooks.checkLookups],
      update: [hooks.disallow(errors)],
      patch: [
        hooks.requireVisible, hooks.keepOwner, hooks.checkAssignee(errors), hooks.checkLookups, includeRelated(models)
      ],
      remove: [hooks.requireVisible, hooks.requireOwner(errors)]
    },
    after: { find: [showRelated], get: [showRelated], patch: [showRelated] }
  })
}

function lookups(app, models) {
  for (const [path, Model] of [['hotnesses', models.Hotness], ['sources', models.Source]]) {
    app.use(`/${path}`, sequelizeService({ Model, paginate: { default: 10, max: 50 } }))
    const readOnly = ['create', 'update', 'patch', 'remove'].map((method) => [method, [hooks.disallow(errors)]])
    app.service(path).hooks({ before: { all: [hooks.authenticate(errors)], ...Object.fromEntries(readOnly) } })
  }
}

function shares(app, models) {
  app.use('/shares', sequelizeService({ Model: models.Share }))
  app.service('shares').hooks({
    before: { all: [hooks.authenticate(errors)], create: [hooks.requireOwnContact(errors)] }
  })
}

export async function createApp(options) {
  const models = await createModels(options)
  const app = express(feathers())

  app.use(express.json())
  app.use(express.urlencoded({ extended: true }))
  app.configure(express.rest())
  app.use(hooks.passToken)

  contacts(app, models)
  lookups(app, models)
  shares(app, models)

  app.use(express.notFound())
  app.use(express.errorHandler({ logger: false }))
  return app
}
