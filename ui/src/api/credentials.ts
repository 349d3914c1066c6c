/** Who is signed in, and where that is kept: in memory, or until the tab is closed. Never in the address, and never on disk. */

export interface AccessKey {
  kind: "accessKey";
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

export interface ApiKey {
  kind: "apiKey";
  key: string;
  region: string;
}

export type Credentials = AccessKey | ApiKey;

const PLACE = "craton.credentials";

export function remembered(): Credentials | null {
  try {
    const text = sessionStorage.getItem(PLACE);
    return text === null ? null : (JSON.parse(text) as Credentials);
  } catch {
    return null; // the browser keeps nothing for this page
  }
}

export function remember(credentials: Credentials): void {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(credentials));
  } catch {
    // then they hold until the page is loaded anew
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // then there is nothing to forget
  }
}
