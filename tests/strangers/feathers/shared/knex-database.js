// The tables and their first rows, in the SQLite of the knex that a generation brings.
import { TEXTS } from './fields.js'
import { contactRows, HOTNESSES, SOURCES } from './rows.js'

async function createTables(knex) {
  await knex.schema.createTable('hotnesses', (table) => {
    table.increments('id')
    table.string('name', 45)
    table.integer('rank')
    table.string('color', 7)
  })

  await knex.schema.createTable('sources', (table) => {
    table.increments('id')
    table.string('name', 200)
    table.integer('user_id')
    table.string('created_at')
  })

  await knex.schema.createTable('contacts', (table) => {
    table.increments('id')
    table.integer('owner_user_id').notNullable()
    table.integer('assigned_user_id')
    for (const [name, limit] of Object.entries(TEXTS)) limit ? table.string(name, limit) : table.text(name)
    // Instants are kept as text in one fixed UTC notation, so comparing the text compares the instants.
    table.string('created_at', 24).notNullable()
    table.string('modified_at', 24).notNullable()
    table.integer('hotness_id').references('hotnesses.id')
    table.integer('source_id').references('sources.id')
  })

  await knex.schema.createTable('shares', (table) => {
    table.increments('id')
    table.integer('contact_id').notNullable().references('contacts.id').onDelete('CASCADE')
    table.integer('user_id').notNullable()
    table.unique(['contact_id', 'user_id'])
  })
}

export async function fillTables(knex, { foreign }) {
  await createTables(knex)
  await knex('hotnesses').insert(HOTNESSES)
  await knex('sources').insert(SOURCES)
  for (const row of contactRows(foreign)) await knex('contacts').insert(row)
  return knex
}
