// A knex client for SQLite compiled to WebAssembly, on top of the SQLite client of whatever knex it is given.
//
// The usual drivers are native modules: they want a compiler or a download outside the package registry. This one
// is a plain package, so installing works anywhere. Only opening, closing and running statements differ from knex's
// own SQLite client; the SQL itself is written by knex as always.
import sqlite from 'node-sqlite3-wasm'
import { open, withCode } from './sqlite.cjs'

const RUN_METHODS = new Set(['insert', 'update', 'del', 'counter'])

const toBinding = (value) => {
  if (value instanceof Date) return value.valueOf()
  return value === undefined ? null : value
}

export const wasmClient = (SqliteClient) =>
  class WasmSqliteClient extends SqliteClient {
    _driver() {
      return sqlite
    }

    async acquireRawConnection() {
      return open(this.connectionSettings.filename)
    }

    async destroyRawConnection(connection) {
      connection.close()
    }

    async _query(connection, query) {
      const bindings = (query.bindings ?? []).map(toBinding)

      try {
        if (RUN_METHODS.has(query.method) && !query.returning) {
          const { changes, lastInsertRowid } = connection.run(query.sql, bindings)
          query.context = { changes, lastID: lastInsertRowid }
        } else {
          query.response = connection.all(query.sql, bindings)
        }
      } catch (error) {
        throw withCode(error)
      }

      return query
    }
  }
