/** A screen that could not be drawn: said in its place, while the rest of the console goes on. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Component, type ReactNode } from "react";
import { useTexts } from "../texts/texts";
import { follow, href } from "./address";
import { fetchAgain } from "./later";
import { Page } from "./Page";

interface Shown {
  /** The address; at another one is tried anew. */
  at: string;
  /** What is shown in its place; where nothing is said, a page of the console. */
  instead?: ReactNode;
  children: ReactNode;
}

interface Held {
  at: string;
  error: unknown;
}

export class Unbroken extends Component<Shown, Held> {
  override state: Held = { at: this.props.at, error: null };

  static getDerivedStateFromError(error: unknown): Partial<Held> {
    return { error: error ?? "" };
  }

  static getDerivedStateFromProps({ at }: Shown, held: Held): Held | null {
    return at === held.at ? null : { at, error: null };
  }

  override componentDidCatch(): void {
    fetchAgain();
  }

  override render() {
    const { children, instead } = this.props;
    const { error } = this.state;
    return error === null ? children : (instead ?? <Broken error={error} onAgain={() => this.setState({ error: null })} />);
  }
}

function Broken({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { broken, again } = useTexts();
  return (
    <Page title={broken.title}>
      <SpaceBetween size="m">
        <Box>{broken.text}</Box>
        <Box variant="code">{error instanceof Error ? error.message : String(error)}</Box>
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" onClick={onAgain}>
            {again}
          </Button>
          <Button onClick={() => location.reload()}>{broken.reload}</Button>
          <Button href={href("/")} onFollow={follow}>
            {broken.home}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Page>
  );
}
