// A knex client for SQLite compiled to WebAssembly.
//
// The usual drivers are native modules: they want a compiler or a download outside the package registry. This one
// is a plain package, so installing works anywhere. Only opening, closing and running statements differ from knex's
// own SQLite client; the SQL itself is written by knex as always.
import sqlite from 'node-sqlite3-wasm'
import SqliteClient from 'knex/lib/dialects/sqlite3/index.js'

const RUN_METHODS = new Set(['insert', 'update', 'del', 'counter'])

// The WebAssembly build reports nothing but a message. Feathers' error handler looks at `code` and `errno`, so give
// errors the values that the native driver would have set.
const withCode = (error) => {
  const constraint = /constraint failed/i.test(error.message)
  return Object.assign(error, constraint ? { code: 'SQLITE_CONSTRAINT', errno: 19 } : { code: 'SQLITE_ERROR', errno: 1 })
}

const toBinding = (value) => {
  if (value instanceof Date) return value.valueOf()
  return value === undefined ? null : value
}

export class WasmSqliteClient extends SqliteClient {
  _driver() {
    return sqlite
  }

  async acquireRawConnection() {
    const connection = new sqlite.Database(this.connectionSettings.filename)
    connection.exec('PRAGMA foreign_keys = ON')
    return connection
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
