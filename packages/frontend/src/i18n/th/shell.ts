import type { Words } from '../words.ts';

export const shell: Words['shell'] = {
  brand: 'Smart AI Hub',
  titled: '{{page}} · Smart AI Hub',
  skip: 'ข้ามไปยังเนื้อหา',
  nav: {
    label: 'เมนูหลัก',
    overview: 'ภาพรวม',
    playground: 'ห้องทดลอง',
    keys: 'คีย์ API',
    usage: 'การใช้งาน',
    models: 'โมเดล',
    grants: 'แอปที่เชื่อมต่อ',
    open: 'เปิดเมนู',
    close: 'ปิดเมนู',
  },
  balance: 'ยอดคงเหลือ',
  menu: {
    account: 'บัญชี',
    signedInAs: 'เข้าสู่ระบบในชื่อ',
    preferences: 'ภาษาและการแสดงผล',
    language: 'ภาษา',
    theme: 'การแสดงผล',
    system: 'ตามระบบ',
    light: 'สว่าง',
    dark: 'มืด',
    signOut: 'ออกจากระบบ',
  },
  states: {
    loading: 'กำลังโหลด',
    retry: 'ลองอีกครั้ง',
    more: 'ดูเพิ่มเติม',
    loadingMore: 'กำลังโหลดเพิ่ม',
    end: 'แสดงครบทั้งหมดแล้ว',
  },
  copy: { copy: 'คัดลอก', copied: 'คัดลอกแล้ว', failed: 'โปรดเลือกข้อความแล้วคัดลอกเอง' },
  notFound: {
    title: 'ไม่มีหน้านี้',
    text: 'ที่อยู่อาจพิมพ์ผิด หรือหน้านี้ถูกย้ายไปแล้ว',
    home: 'ไปที่ภาพรวม',
  },
  failed: 'แสดงหน้านี้ไม่ได้',
};
