// Texts of a contact with the most characters that each takes; null where there is no limit.
export const TEXTS = {
  first_name: 255,
  last_name: 255,
  email: 255,
  mobile_phone: 255,
  home_phone: 45,
  office_phone: 45,
  fax: 45,
  company: 45,
  birthday: 45,
  anniversary: 45,
  spouse_name: 45,
  spouse_email: 45,
  tags: 508,
  spouse_phone: null,
  spouse_birthday: null
}
