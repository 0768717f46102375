import { BadRequest } from '@feathersjs/errors'

// Any accepted notation of an instant to the one that is stored. A bare date means midnight UTC.
export function toInstant(value) {
  const date = new Date(value)

  if (Number.isNaN(date.valueOf())) throw new BadRequest(`'${value}' is not a date and time`)

  return date.toISOString()
}

// The same for a query property, where the value is an instant, a list of them or an object of operators.
export function toInstantQuery(value) {
  if (value === undefined || value === null) return value
  if (Array.isArray(value)) return value.map(toInstantQuery)
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([operator, operand]) => [operator, toInstantQuery(operand)]))
  }
  return toInstant(value)
}
