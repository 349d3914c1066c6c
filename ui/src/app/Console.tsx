/** The console: who is signed in, and which screen is shown at which address. */

import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { apiFor } from "../api/api";
import { forget } from "../api/credentials";
import { Home } from "../screens/home/Home";
import { SignIn } from "../screens/sign-in/SignIn";
import { useTexts } from "../texts/texts";
import { usePath } from "./address";
import { Bar } from "./Bar";
import { Missing } from "./Missing";
import { Page } from "./Page";
import { type Session, SignedIn } from "./session";

const Playground = lazy(() => import("../screens/playground/Playground"));
const Models = lazy(() => import("../screens/models/Models"));
const Model = lazy(() => import("../screens/models/Model"));
const Knowledge = lazy(() => import("../screens/knowledge/Knowledge"));
const Guardrails = lazy(() => import("../screens/guardrails/Guardrails"));
const Usage = lazy(() => import("../screens/usage/Usage"));
const Keys = lazy(() => import("../screens/keys/Keys"));
const Key = lazy(() => import("../screens/keys/Key"));
const People = lazy(() => import("../screens/people/People"));
const User = lazy(() => import("../screens/people/User"));
const Requests = lazy(() => import("../screens/requests/Requests"));
const Request = lazy(() => import("../screens/requests/Request"));
const Coverage = lazy(() => import("../screens/coverage/Coverage"));

export function Console() {
  const [session, setSession] = useState<Session | null>(null);

  const signOut = useCallback(() => {
    forget();
    setSession(null);
  }, []);

  const signedIn = useMemo(() => session && { ...session, signOut }, [session, signOut]);
  return (
    <SignedIn value={signedIn}>
      <Bar session={signedIn} />
      {signedIn ? <Screen /> : <SignIn onSignIn={(credentials, caller) => setSession({ api: apiFor(credentials), caller })} />}
    </SignedIn>
  );
}

function Screen() {
  const path = usePath();
  return <Suspense fallback={<Coming />}>{screenAt(path)}</Suspense>;
}

function screenAt(path: string) {
  if (path === "/") return <Home />;
  if (path === "/playground") return <Playground />;
  if (path === "/models") return <Models />;
  if (path.startsWith("/models/")) return <Model id={decodeURIComponent(path.slice("/models/".length))} />;
  if (path === "/knowledge" || path.startsWith("/knowledge/")) return <Knowledge path={path.slice("/knowledge".length)} />;
  if (path === "/guardrails" || path.startsWith("/guardrails/")) return <Guardrails path={path.slice("/guardrails".length)} />;
  if (path === "/usage" || path.startsWith("/usage/")) return <Usage tab={path.slice("/usage/".length)} />;
  if (path === "/keys") return <Keys />;
  if (path.startsWith("/keys/")) return <Key id={decodeURIComponent(path.slice("/keys/".length))} />;
  if (path.startsWith("/people/users/")) return <User name={decodeURIComponent(path.slice("/people/users/".length))} />;
  if (path === "/people" || path.startsWith("/people/")) return <People tab={path.slice("/people/".length)} />;
  if (path === "/requests") return <Requests />;
  if (path.startsWith("/requests/")) return <Request key={path} id={decodeURIComponent(path.slice("/requests/".length))} />;
  if (path === "/coverage") return <Coverage />;
  return <Missing path={path} />;
}

function Coming() {
  return <Page title={useTexts().loading}>{null}</Page>;
}
