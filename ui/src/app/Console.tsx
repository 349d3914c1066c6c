/** The console: who is signed in, and which screen is shown at which address. */

import Spinner from "@cloudscape-design/components/spinner";
import { Suspense, useCallback, useMemo, useState } from "react";
import { apiFor } from "../api/api";
import { forget } from "../api/credentials";
import { Home } from "../screens/home/Home";
import { SignIn } from "../screens/sign-in/SignIn";
import { useTexts } from "../texts/texts";
import { decoded, usePath } from "./address";
import { Arrival } from "./Arrival";
import { Bar } from "./Bar";
import { Unbroken } from "./Broken";
import { later } from "./later";
import { Missing } from "./Missing";
import { Page, screenOf } from "./Page";
import { type Session, SignedIn } from "./session";

const Playground = later(() => import("../screens/playground/Playground"));
const Models = later(() => import("../screens/models/Models"));
const Model = later(() => import("../screens/models/Model"));
const Knowledge = later(() => import("../screens/knowledge/Knowledge"));
const Guardrails = later(() => import("../screens/guardrails/Guardrails"));
const Usage = later(() => import("../screens/usage/Usage"));
const Keys = later(() => import("../screens/keys/Keys"));
const Key = later(() => import("../screens/keys/Key"));
const People = later(() => import("../screens/people/People"));
const User = later(() => import("../screens/people/User"));
const Requests = later(() => import("../screens/requests/Requests"));
const Request = later(() => import("../screens/requests/Request"));
const Coverage = later(() => import("../screens/coverage/Coverage"));

export function Console() {
  const [session, setSession] = useState<Session | null>(null);

  const signOut = useCallback(() => {
    forget();
    // The page itself goes too, with all that it holds and all that it still does in this person's name.
    location.reload();
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
  return (
    <Unbroken at={path}>
      <Suspense fallback={<Coming path={path} />}>
        <At path={path} />
        <Arrival path={path} />
      </Suspense>
    </Unbroken>
  );
}

function At({ path }: { path: string }) {
  return screenAt(path);
}

function screenAt(path: string) {
  if (path === "/") return <Home />;
  if (path === "/playground") return <Playground />;
  if (path === "/models") return <Models />;
  if (path.startsWith("/models/")) return <Model key={path} id={decoded(path.slice("/models/".length))} />;
  if (path === "/knowledge" || path.startsWith("/knowledge/")) return <Knowledge path={path.slice("/knowledge".length)} />;
  if (path === "/guardrails" || path.startsWith("/guardrails/")) return <Guardrails path={path.slice("/guardrails".length)} />;
  if (path === "/usage" || path.startsWith("/usage/")) return <Usage tab={path.slice("/usage/".length)} />;
  if (path === "/keys") return <Keys />;
  if (path.startsWith("/keys/")) return <Key key={path} id={decoded(path.slice("/keys/".length))} />;
  if (path.startsWith("/people/users/")) return <User key={path} name={decoded(path.slice("/people/users/".length))} />;
  if (path === "/people" || path.startsWith("/people/")) return <People tab={path.slice("/people/".length)} />;
  if (path === "/requests") return <Requests />;
  if (path.startsWith("/requests/")) return <Request key={path} id={decoded(path.slice("/requests/".length))} />;
  if (path === "/coverage") return <Coverage />;
  return <Missing path={path} />;
}

function Coming({ path }: { path: string }) {
  const { screens, loading } = useTexts();
  const screen = screenOf(path);
  return (
    <Page title={screen ? screens[screen[0]] : loading}>
      <Spinner size="large" />
    </Page>
  );
}
