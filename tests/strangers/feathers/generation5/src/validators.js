// The two validators that a generated Feathers application has: data is taken as it is, query values (always text
// in a URL) are coerced to the type that the schema asks for.
import { Ajv, addFormats } from '@feathersjs/schema'

const formats = ['date-time', 'date']

export const dataValidator = addFormats(new Ajv({}), formats)

export const queryValidator = addFormats(new Ajv({ coerceTypes: true }), formats)
