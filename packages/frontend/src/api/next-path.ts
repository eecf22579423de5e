/** Where to go after signing in, if it is a path of this page: a link must not lead people to another site. */
export { localPath as nextPath } from '@smart-ai-hub/shared/contracts';
