export interface Data {
  mediaType: string;
  base64: string;
}

/** RFC 2397, in base64. Cut at its comma: what comes behind may be megabytes. */
export function readDataUrl(url: string): Data | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(',');
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).toLowerCase().split(';');
  if (comma < 0 || parameters.at(-1) !== 'base64') return undefined;
  // the name that many people give it, and that vendors do not know
  return { mediaType: mediaType.replace('image/jpg', 'image/jpeg'), base64: url.slice(comma + 1) };
}
