import { getValidator, querySyntax } from '@feathersjs/schema'
import { TEXTS } from '../../../shared/fields.js'
import { dataValidator, queryValidator } from '../validators.js'

const text = (maxLength) => ({ type: 'string', nullable: true, ...(maxLength && { maxLength }) })
const instant = { type: 'string', anyOf: [{ format: 'date-time' }, { format: 'date' }] }
const reference = { type: 'integer', nullable: true }

// In bodies a reference may also be written as text of digits, as in the PATCH example of the contract.
const writtenReference = {
  anyOf: [reference, { type: 'string', pattern: '^[0-9]{1,15}$' }]
}

const plainFields = {
  ...Object.fromEntries(Object.entries(TEXTS).map(([name, limit]) => [name, text(limit)])),
  created_at: instant,
  modified_at: instant
}

const dataProperties = {
  ...plainFields,
  assigned_user_id: writtenReference,
  hotness_id: writtenReference,
  source_id: writtenReference
}

const queryProperties = {
  ...plainFields,
  id: { type: 'integer' },
  owner_user_id: { type: 'integer' },
  assigned_user_id: reference,
  hotness_id: reference,
  source_id: reference
}

const object = ($id, properties) => ({ $id, type: 'object', additionalProperties: false, properties })

export const contactDataValidator = getValidator(object('ContactData', dataProperties), dataValidator)
export const contactPatchValidator = getValidator(object('ContactPatch', dataProperties), dataValidator)
export const contactQueryValidator = getValidator(
  object('ContactQuery', querySyntax(queryProperties)),
  queryValidator
)
