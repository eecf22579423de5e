import type { Words } from '../words.ts';

export const forms: Words['forms'] = {
  errors: {
    required: 'โปรดกรอกช่องนี้',
    email: 'รูปแบบอีเมลไม่ถูกต้อง',
    tooShort: 'ใช้อย่างน้อย {{limit}} ตัวอักษร',
    tooLong: 'ใช้ไม่เกิน {{limit}} ตัวอักษร',
    invalid: 'ค่านี้ใช้ที่นี่ไม่ได้',
  },
  working: 'รอสักครู่',
};
