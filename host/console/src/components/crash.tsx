import { Component, type ReactNode } from "react";
import { i18next } from "../i18n/index.ts";
import { Failed } from "./states.tsx";

/** Keeps the frame usable when one page fails. */
export class CrashGuard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <>
        <h1>{i18next.t("problem.crash")}</h1>
        <Failed error={error} retry={() => this.setState({ error: undefined })} />
      </>
    );
  }
}
