import type { Words } from '../words.ts';

export const models: Words['models'] = {
  title: 'โมเดล',
  text: 'ราคาเป็นเครดิตต่อหนึ่งล้านโทเคน',
  search: 'ค้นหาโมเดล',
  model: 'โมเดล',
  owner: 'จาก',
  input: 'ขาเข้า',
  output: 'ขาออก',
  per: 'เข้า {{input}} · ออก {{output}}',
  unpriced: 'ยังไม่มีราคา',
  free: 'ฟรี',
  try: 'ลองใช้',
  tryNamed: 'ลองใช้ {{model}}',
  actions: 'การทำงาน',
  empty: 'ยังไม่มีโมเดล',
  emptyText: 'ผู้ดูแลระบบของฮับนี้ต้องเชื่อมต่อผู้ให้บริการก่อน',
  noMatch: 'ไม่มีโมเดลที่ตรงกับ “{{search}}”',
  noMatchText: 'ลองใช้ชื่อบางส่วนที่สั้นลง',
};
