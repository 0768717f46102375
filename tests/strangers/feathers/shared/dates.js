// Any accepted notation of an instant to the one that is stored. A bare date means midnight UTC.
// `errors` is the generation's own package.
export function toInstant(value, errors) {
  const date = new Date(value)

  if (Number.isNaN(date.valueOf())) throw new errors.BadRequest(`'${value}' is not a date and time`)

  return date.toISOString()
}

// The same for a query property, where the value is an instant, a list of them or an object of operators.
export function toInstantQuery(value, errors) {
  if (value === undefined || value === null) return value
  if (Array.isArray(value)) return value.map((one) => toInstantQuery(one, errors))
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, bound]) => [name, toInstantQuery(bound, errors)]))
  }
  return toInstant(value, errors)
}
