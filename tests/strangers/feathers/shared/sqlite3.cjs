// As much of the module `sqlite3` as Sequelize uses, on SQLite compiled to WebAssembly.
const { open, withCode } = require('./sqlite.cjs')

class Statement {
  constructor({ lastInsertRowid, changes } = {}) {
    this.lastID = lastInsertRowid
    this.changes = changes
  }
}

class Database {
  constructor(filename, mode, done) {
    this.filename = filename
    this.connection = open(filename)
    process.nextTick(done, null)
  }

  serialize(statements) {
    statements()
  }

  // Parameters are optional, and so is the function that takes the outcome, with the statement as its `this`.
  execute(act, parameters, done) {
    const [values, told = () => {}] = typeof parameters === 'function' ? [[], parameters] : [parameters, done]
    let outcome
    try {
      outcome = act(values)
    } catch (error) {
      process.nextTick(() => told.call(new Statement(), withCode(error)))
      return
    }
    const [statement, rows] = Array.isArray(outcome) ? [new Statement(), outcome] : [new Statement(outcome)]
    process.nextTick(() => told.call(statement, null, rows))
  }

  run(sql, parameters, done) {
    this.execute((values) => this.connection.run(sql, values), parameters, done)
  }

  all(sql, parameters, done) {
    this.execute((values) => this.connection.all(sql, values), parameters, done)
  }

  exec(sql, done) {
    this.execute(() => this.connection.exec(sql), done)
  }

  close() {
    this.connection.close()
  }
}

module.exports = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4, verbose: () => module.exports }
