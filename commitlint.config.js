export default {
  extends: ['@commitlint/config-conventional'],
  // Subjects begin with names such as README or PostgreSQL.
  rules: { 'subject-case': [0] },
};
