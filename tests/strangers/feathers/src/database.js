import createKnex from 'knex'
import { WasmSqliteClient } from './sqlite-client.js'

const TEXT_COLUMNS = [
  ['first_name', 255], ['last_name', 255], ['email', 255], ['mobile_phone', 255],
  ['home_phone', 45], ['office_phone', 45], ['fax', 45], ['company', 45],
  ['birthday', 45], ['anniversary', 45], ['spouse_name', 45], ['spouse_email', 45],
  ['tags', 508]
]

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
    for (const [name, length] of TEXT_COLUMNS) table.string(name, length)
    table.text('spouse_phone')
    table.text('spouse_birthday')
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

async function fillLookups(knex) {
  await knex('hotnesses').insert([
    { id: 12, name: 'Pending', rank: 14, color: '#3b274c' },
    { id: 13, name: 'Hot', rank: 12, color: '#c0392b' }
  ])
  await knex('sources').insert([
    { id: 12, name: 'Zillow Lead', user_id: 12, created_at: '2015-01-09T03:34:15.000Z' },
    { id: 13, name: 'Referral', user_id: 12, created_at: '2016-02-10T04:35:16.000Z' }
  ])
}

// Contacts that were in the account before anybody came: every fourth one is of user 4, the others of user 1.
async function fillContacts(knex, count) {
  const day = 24 * 60 * 60 * 1000
  const start = Date.UTC(2012, 0, 1, 8, 30)

  for (let n = 1; n <= count; n++) {
    const created = start + n * 3 * day + n * 1000
    await knex('contacts').insert({
      owner_user_id: n % 4 === 0 ? 4 : 1,
      first_name: `First ${n}`,
      last_name: n % 5 === 0 ? null : `Last ${n % 17}`,
      email: `contact-${n}@example.org`,
      mobile_phone: n % 3 === 0 ? null : `1 (555) 555-${String(n).padStart(4, '0')}`,
      company: `Company ${n % 7}`,
      tags: n % 2 === 0 ? 'Seller' : 'Buyer',
      created_at: new Date(created).toISOString(),
      modified_at: new Date(created + 2 * day).toISOString(),
      hotness_id: n % 6 === 0 ? 13 : null,
      source_id: n % 4 === 1 ? 13 : null
    })
  }
}

export async function createDatabase({ foreign = 0 } = {}) {
  const knex = createKnex({
    client: WasmSqliteClient,
    connection: { filename: ':memory:' },
    useNullAsDefault: true
  })

  await createTables(knex)
  await fillLookups(knex)
  await fillContacts(knex, foreign)

  return knex
}
