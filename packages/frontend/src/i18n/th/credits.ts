import type { Words } from '../words.ts';

export const credits: Words['credits'] = {
  title: 'เครดิต',
  text: 'เครดิตทุกรายการที่เข้าและออก เรียงจากใหม่ที่สุด',
  filter: {
    label: 'ตัวกรอง',
    reason: 'รายการ',
    all: 'ทั้งหมด',
    from: 'ตั้งแต่วันที่',
    to: 'ถึงวันที่',
    apply: 'กรอง',
  },
  statement: 'ดาวน์โหลดใบแจ้งยอด',
  none: 'ไม่พบรายการ',
  noneText: 'ไม่มีรายการที่ตรงกับตัวกรองนี้',
  all: 'กรองและดาวน์โหลด',
};
