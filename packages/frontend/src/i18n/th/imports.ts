import type { Words } from '../words.ts';

export const imports: Words['imports'] = {
  choose: 'เลือกไฟล์',
  refused: 'อ่านไฟล์นี้ไม่ได้: {{why}}',
  checking: 'กำลังตรวจทีละบรรทัด',
  checked: 'จำนวนบรรทัด: {{lines}} ถูกต้องทั้งหมด',
  wrong: 'จำนวนบรรทัด: {{lines}} ผิด: {{wrong}} จะยังไม่ดำเนินการจนกว่าทุกบรรทัดจะถูกต้อง',
  report: 'รายงาน',
  line: 'บรรทัด {{line}}',
  lineHead: 'บรรทัด',
  outcome: 'ผล',
  more: 'ในรายงานมีอีก {{lines}} บรรทัด',
  download: 'ดาวน์โหลดรายงาน',
  cancel: 'ยกเลิก',
  done: 'เสร็จสิ้น',
};
