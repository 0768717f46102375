// The accounts of the service. Tokens never expire and teams never change.
const users = [
  { id: 1, team_id: 1, token: 'tok-owner' },
  { id: 2, team_id: 1, token: 'tok-assignee' },
  { id: 3, team_id: 1, token: 'tok-teammate' },
  { id: 4, team_id: 2, token: 'tok-outsider' }
]

export const userById = (id) => users.find((user) => user.id === id)

export const userByToken = (token) => users.find((user) => user.token === token)

export const sameTeam = (user, otherId) => userById(otherId)?.team_id === user.team_id

// The token in an Authorization header, if it is a bearer token.
export const bearerToken = (header) => /^Bearer\s+(\S+)\s*$/i.exec(header ?? '')?.[1]
