import { once } from 'node:events'

const whole = (name) => {
  const value = process.env[name] || '0'
  if (!/^\d+$/.test(value)) throw new Error(`${name} has to be a whole number, not '${value}'`)
  return Number(value)
}

// Starts the application that `createApp` makes for so many contacts, and says where it listens.
export async function serve(createApp) {
  const app = await createApp({ foreign: whole('FOREIGN') })
  const server = await app.listen(whole('PORT'), '127.0.0.1')

  if (!server.listening) await once(server, 'listening')

  console.log(`listening on http://127.0.0.1:${server.address().port}`)
}
