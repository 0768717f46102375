import express, { errorHandler, json, notFound, rest, urlencoded } from '@feathersjs/express'
import { feathers } from '@feathersjs/feathers'
import { authentication } from './authentication.js'
import { contacts } from './contacts/service.js'
import { createDatabase } from './database.js'
import { lookups } from './lookups.js'
import { shares } from './shares.js'

// Refused requests are everyday business; only faults of the service itself are worth a line.
const logger = { info() {}, error: ({ name, message }) => console.error(`${name}: ${message}`) }

async function logFault(_context, next) {
  try {
    await next()
  } catch (error) {
    if (!(error.code < 500)) logger.error(error)
    throw error
  }
}

export async function createApp(options) {
  const app = express(feathers())

  app.set('knex', await createDatabase(options))
  app.use(json())
  app.use(urlencoded({ extended: true }))

  app.configure(rest())
  app.configure(authentication)
  app.configure(lookups)
  app.configure(contacts)
  app.configure(shares)

  app.use(notFound())
  app.use(errorHandler({ logger }))
  app.hooks({ around: { all: [logFault] } })

  return app
}
