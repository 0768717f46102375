import { fileURLToPath } from 'node:url'
import Sequelize from 'sequelize'
import { TEXTS } from '../../shared/fields.js'
import { contactRows, HOTNESSES, SOURCES } from '../../shared/rows.js'

const { DATE, INTEGER, STRING, TEXT } = Sequelize

const text = (limit) => (limit ? { type: STRING(limit), validate: { len: [0, limit] } } : { type: TEXT })
const texts = Object.fromEntries(Object.entries(TEXTS).map(([name, limit]) => [name, text(limit)]))

function define(sequelize) {
  const plain = { timestamps: false }
  const Hotness = sequelize.define('hotness', { name: STRING(45), rank: INTEGER, color: STRING(7) }, plain)
  const Source = sequelize.define('source', { name: STRING(200), user_id: INTEGER, created_at: DATE }, plain)
  const Share = sequelize.define('share', { contact_id: INTEGER, user_id: INTEGER }, plain)
  const Address = sequelize.define(
    'address',
    { type: STRING(45), street_address_1: STRING(45), zip: STRING(45), city: STRING(200), state: STRING(200) },
    plain
  )
  const Contact = sequelize.define(
    'contact',
    {
      owner_user_id: { type: INTEGER, allowNull: false },
      assigned_user_id: INTEGER,
      ...texts
    },
    { createdAt: 'created_at', updatedAt: 'modified_at' }
  )

  Contact.belongsTo(Hotness, { as: 'hotness', foreignKey: 'hotness_id' })
  Contact.belongsTo(Source, { as: 'source', foreignKey: 'source_id' })
  Contact.hasMany(Address, { as: 'addresses', foreignKey: 'contact_id' })

  return { Contact, Hotness, Source, Share, Address }
}

export async function createModels({ foreign }) {
  const sequelize = new Sequelize('contacts', '', '', {
    dialect: 'sqlite',
    dialectModulePath: fileURLToPath(new URL('../../shared/sqlite3.cjs', import.meta.url)),
    logging: false
  })
  const models = define(sequelize)

  await sequelize.sync()
  await models.Hotness.bulkCreate(HOTNESSES)
  await models.Source.bulkCreate(SOURCES)
  await models.Contact.bulkCreate(contactRows(foreign))
  return models
}
