import type { Words } from '../words.ts';

export const overview: Words['overview'] = {
  title: 'ภาพรวม',
  available: 'ยอดที่ใช้ได้',
  credits: 'เครดิต',
  held: 'กันไว้ {{amount}} สำหรับการเรียกที่กำลังทำงาน',
  nothingHeld: 'ไม่มียอดที่กันไว้ ใช้ได้ทั้งหมด',
  try: 'เปิดห้องทดลอง',
  connect: {
    title: 'เชื่อมต่อเครื่องมือของคุณ',
    text: 'ใช้ได้กับทุกเครื่องมือที่รองรับรูปแบบของ OpenAI เพียงชี้มาที่นี่และใส่คีย์ของคุณ',
    copy: 'คัดลอกการตั้งค่า',
    key: 'สร้างคีย์',
  },
  ledger: {
    title: 'รายการเดินบัญชี',
    empty: 'ยังไม่มีรายการ',
    emptyText: 'เครดิตทุกรายการที่เข้าและออกจะแสดงที่นี่',
    what: 'รายการ',
    when: 'เวลา',
    amount: 'จำนวน',
    after: 'คงเหลือ',
    afterAmount: 'คงเหลือ {{amount}}',
  },
  reasons: {
    purchase: 'ซื้อเครดิต',
    usage: 'เรียกใช้โมเดล',
    refund: 'คืนเครดิต',
    promo: 'รหัสโปรโมชัน',
    adjustment: 'ปรับยอด',
    signup: 'เครดิตต้อนรับ',
  },
};
