import type { Words } from '../words.ts';

export const status: Words['status'] = {
  title: 'สถานะ',
  text: 'ผู้ที่ฮับถามตอบอย่างไร ตามที่โพรเซสซึ่งตอบหน้านี้ได้เห็น อัปเดตทุกห้าวินาที',
  providers: 'ผู้ให้บริการ AI',
  servers: 'เซิร์ฟเวอร์ MCP',
  states: { unasked: 'ยังไม่ถูกถาม', up: 'ตอบอยู่', down: 'ล้มเหลว', resting: 'พักไว้' },
  since: 'ตั้งแต่',
  recent: '30 วินาทีที่ผ่านมา',
  recentCalls: 'เรียก {{calls}} ครั้ง ล้มเหลว {{failed}}',
  load: 'กำลังทำ',
  loadOf: '{{running}} จาก {{most}} รออยู่ {{waiting}}',
  answersIn: 'เริ่มตอบ',
  ms: 'หลัง {{ms}} มิลลิวินาที',
  unknown: 'ยังไม่ทราบ',
  restingKeys: 'คีย์ที่พัก: {{resting}} จาก {{keys}}',
  lastFailure: 'ล้มเหลวล่าสุด',
  open: 'เซสชันที่เปิดอยู่',
};
