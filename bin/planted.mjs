export const planted = 'x';
