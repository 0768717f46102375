import createKnex from 'knex'
import SqliteClient from 'knex/lib/dialects/sqlite3/index.js'
import { wasmClient } from '../../shared/knex-client.js'
import { fillTables } from '../../shared/knex-database.js'

export const createDatabase = (options) =>
  fillTables(
    createKnex({ client: wasmClient(SqliteClient), connection: { filename: ':memory:' }, useNullAsDefault: true }),
    options
  )
