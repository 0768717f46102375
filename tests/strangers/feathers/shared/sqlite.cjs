// SQLite compiled to WebAssembly, opened, and its errors as the native driver would report them.
const sqlite = require('node-sqlite3-wasm')

function open(filename) {
  const database = new sqlite.Database(filename)
  database.exec('PRAGMA foreign_keys = ON')
  return database
}

// The WebAssembly build reports nothing but a message; libraries look at `code` and `errno`.
function withCode(error) {
  const constraint = /constraint failed/i.test(error.message)
  return Object.assign(error, constraint ? { code: 'SQLITE_CONSTRAINT', errno: 19 } : { code: 'SQLITE_ERROR', errno: 1 })
}

module.exports = { open, withCode }
