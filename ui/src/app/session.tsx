/** The session of who is signed in. */

import { createContext, useContext } from "react";
import type { Api } from "../api/api";
import type { GetCallerIdentityResponse } from "../api/shapes";

export interface Session {
  api: Api;
  caller: GetCallerIdentityResponse;
}

export const SignedIn = createContext<(Session & { signOut: () => void }) | null>(null);

export function useSession(): Session & { signOut: () => void } {
  const session = useContext(SignedIn);
  if (!session) throw new Error("nobody is signed in");
  return session;
}
