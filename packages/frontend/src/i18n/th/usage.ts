import type { Words } from '../words.ts';

export const usage: Words['usage'] = {
  title: 'การใช้งาน',
  text: 'ทุกครั้งที่เรียก ใช้ไปเท่าไร และมีค่าใช้จ่ายเท่าไร',
  empty: 'ยังไม่มีการเรียกใช้',
  emptyText: 'ลองถามโมเดลสักคำถาม แล้วรายการจะแสดงที่นี่ในอีกครู่เดียว',
  emptyAction: 'เปิดห้องทดลอง',
  model: 'โมเดล',
  when: 'เวลา',
  tokensIn: 'โทเคนขาเข้า',
  tokensOut: 'โทเคนขาออก',
  tokensFlow: 'เข้า {{tokensIn}} · ออก {{tokensOut}}',
  source: 'ที่มาของโทเคน',
  sources: { reported: 'ผู้ให้บริการ', counted: 'ฮับนับเอง' },
  sourceHints: {
    reported: 'ผู้ให้บริการเป็นผู้แจ้งจำนวนนี้',
    counted: 'ผู้ให้บริการไม่ได้แจ้ง ฮับจึงนับเอง',
  },
  latency: 'ใช้เวลา',
  cost: 'ค่าใช้จ่าย',
  statuses: { ok: 'สำเร็จ', 'client-closed': 'หยุดก่อนจบ', 'provider-error': 'ผู้ให้บริการขัดข้อง' },
  requestId: 'รหัสคำขอ',
};
