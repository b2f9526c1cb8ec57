/** What OBS puts into the pages of its browser sources, as far as it tells. */
interface ObsStatus {
  recording: boolean;
  recordingPaused: boolean;
  replaybuffer: boolean;
  streaming: boolean;
  virtualcam: boolean;
}

interface ObsStudio {
  readonly pluginVersion: string;
  /** 0: tells nothing; from 1 on it tells its status. */
  getControlLevel(tell: (level: number) => void): void;
  getStatus(tell: (status: ObsStatus) => void): void;
}

interface Window {
  /** Only there in OBS. */
  readonly obsstudio?: ObsStudio;
}

interface WindowEventMap {
  obsSourceVisibleChanged: CustomEvent<{ visible: boolean }>;
  obsSourceActiveChanged: CustomEvent<{ active: boolean }>;
  obsStreamingStarted: CustomEvent<null>;
  obsStreamingStopped: CustomEvent<null>;
}
