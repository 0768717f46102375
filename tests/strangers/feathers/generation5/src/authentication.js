// Bearer tokens on top of Feathers' own authentication service: the strategy below only says where the token is and
// whose it is. Whether a call is let through, and what a refused one answers, is decided by the framework.
import { randomBytes } from 'node:crypto'
import { AuthenticationBaseStrategy, AuthenticationService } from '@feathersjs/authentication'
import { NotAuthenticated } from '@feathersjs/errors'
import { bearerToken, userByToken } from '../../shared/people.js'

class TokenStrategy extends AuthenticationBaseStrategy {
  async parse(req) {
    const accessToken = bearerToken(req.headers.authorization)
    return accessToken ? { strategy: this.name, accessToken } : null
  }

  async authenticate({ accessToken }) {
    const user = userByToken(accessToken)

    if (!user) throw new NotAuthenticated('Invalid access token')

    return { authentication: { strategy: this.name }, user }
  }
}

export function authentication(app) {
  app.set('authentication', {
    secret: randomBytes(32).toString('hex'),
    entity: null,
    authStrategies: ['token'],
    parseStrategies: ['token']
  })

  const service = new AuthenticationService(app)
  service.register('token', new TokenStrategy())

  // There is nothing to log in to, so no method of this service is reachable from outside.
  app.use('authentication', service, { methods: [] })
}
