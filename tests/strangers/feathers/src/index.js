import { once } from 'node:events'
import { createApp } from './app.js'
import { createDatabase } from './database.js'

const whole = (name) => {
  const value = process.env[name] || '0'
  if (!/^\d+$/.test(value)) throw new Error(`${name} has to be a whole number, not '${value}'`)
  return Number(value)
}

const port = whole('PORT')
const knex = await createDatabase({ foreign: whole('FOREIGN') })
const server = await createApp(knex).listen(port, '127.0.0.1')

if (!server.listening) await once(server, 'listening')

console.log(`listening on http://127.0.0.1:${server.address().port}`)
