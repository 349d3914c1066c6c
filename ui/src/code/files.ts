/** Which bytes of a call were read from a file: code that is shown reads them from there too. */

const names = new WeakMap<Uint8Array, string>();

/**
 * The bytes, from now on known as those of the file. A conversation that somebody else saved may name any: code that is
 * copied reads none from another folder, and no name ends a line of it.
 */
export function fromFile<Bytes extends Uint8Array>(bytes: Bytes, name: string): Bytes {
  if (!/[/\\\p{Cc}]/u.test(name)) names.set(bytes, name);
  return bytes;
}

export function fileOf(bytes: Uint8Array): string | undefined {
  return names.get(bytes);
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces: a function takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 0x8000) text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return btoa(text);
}

export function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Whether any value in it is bytes. */
export function hasBytes(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Uint8Array || Object.values(value).some(hasBytes);
}
