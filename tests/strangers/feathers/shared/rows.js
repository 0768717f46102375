// What the tables hold before anybody comes.
export const HOTNESSES = [
  { id: 12, name: 'Pending', rank: 14, color: '#3b274c' },
  { id: 13, name: 'Hot', rank: 12, color: '#c0392b' }
]

export const SOURCES = [
  { id: 12, name: 'Zillow Lead', user_id: 12, created_at: '2015-01-09T03:34:15.000Z' },
  { id: 13, name: 'Referral', user_id: 12, created_at: '2016-02-10T04:35:16.000Z' }
]

// Contacts that were in the account already: every fourth one is of user 4, the others of user 1.
export function contactRows(count) {
  const day = 24 * 60 * 60 * 1000
  const start = Date.UTC(2012, 0, 1, 8, 30)

  return Array.from({ length: count }, (_, index) => {
    const n = index + 1
    const created = start + n * 3 * day + n * 1000
    return {
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
    }
  })
}
