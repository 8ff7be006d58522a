import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  IconClock,
  IconHash,
  IconListNumbers,
  IconPhoneOff,
  IconPlayerPlay,
  IconPointFilled,
  IconTag,
  IconUsersGroup,
  IconVolume,
} from "@tabler/icons-react";
import {
  Background,
  BackgroundVariant,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { type CSSProperties, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PictureNode } from "../../api/types.ts";
import { layout } from "./layout.ts";

/** Seen well on light and on dark. */
const LINE = "#868e96";
const WIDTH = 190;
const COLUMN = 250;
const ROW = 130;
/** About what a node takes; lines over several rows run straight for that much. */
const NODE_HEIGHT = 56;

const SYMBOLS: Record<string, { icon: typeof IconHash; colour: string }> = {
  start: { icon: IconPlayerPlay, colour: "var(--state-ready)" },
  menu: { icon: IconListNumbers, colour: "var(--state-talking)" },
  say: { icon: IconVolume, colour: "var(--mantine-primary-color-filled)" },
  play: { icon: IconVolume, colour: "var(--mantine-primary-color-filled)" },
  collect: { icon: IconHash, colour: "var(--state-talking)" },
  queue: { icon: IconUsersGroup, colour: "var(--state-offered)" },
  set: { icon: IconTag, colour: "var(--state-wrap_up)" },
  hours: { icon: IconClock, colour: "var(--state-paused)" },
  wait: { icon: IconClock, colour: "var(--state-paused)" },
  hangup: { icon: IconPhoneOff, colour: "var(--state-bad)" },
  hang_up: { icon: IconPhoneOff, colour: "var(--state-bad)" },
};

type Step = Node<{ step: PictureNode }, "step">;

function StepBox({ data: { step } }: NodeProps<Step>) {
  const { icon: Icon, colour } = SYMBOLS[step.kind] ?? {
    icon: IconPointFilled,
    colour: "var(--hotline-quiet)",
  };
  return (
    <div
      className="panel"
      title={step.title}
      style={{
        width: WIDTH,
        padding: "7px 10px",
        borderLeft: `4px solid ${colour}`,
        fontSize: 13,
        lineHeight: 1.35,
      }}
    >
      <Handle type="target" position={Position.Top} style={{ opacity: 0 }} isConnectable={false} />
      <div style={{ display: "flex", gap: 6, alignItems: "center" }}>
        <Icon size={15} color={colour} style={{ flex: "none" }} />
        <b style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          {step.id}
        </b>
        <span className="quiet" style={{ marginLeft: "auto", fontSize: 11 }}>
          {step.kind}
        </span>
      </div>
      {step.title && step.title !== step.id && (
        <div
          className="quiet"
          style={{
            overflow: "hidden",
            display: "-webkit-box",
            WebkitLineClamp: 2,
            WebkitBoxOrient: "vertical",
          }}
        >
          {step.title}
        </div>
      )}
      <Handle
        type="source"
        position={Position.Bottom}
        style={{ opacity: 0 }}
        isConnectable={false}
      />
    </div>
  );
}

/** Keeps a place where a line passes within the picture's bounds. */
function BendPlace() {
  return <div style={{ width: 1, height: NODE_HEIGHT }} />;
}

const NODE_TYPES = { step: StepBox, bend: BendPlace };
const EDGE_TYPES = { bend: BendLine, back: BackLine };

/** The flow as its author wrote it, from the first node down. To look at; the file is the source. */
export default function Picture({ nodes: picture }: { nodes: PictureNode[] }) {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const { nodes, edges } = useMemo(() => draw(picture), [picture]);
  return (
    <figure style={{ height: 520, margin: 0 }} aria-label={t("flows.picture")}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.45, padding: 0.08 }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        style={{ "--xy-background-color": "transparent" } as CSSProperties}
      >
        <Background variant={BackgroundVariant.Dots} gap={18} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </figure>
  );
}

type Back = Edge<{ lane: number }, "back">;
type Bend = Edge<{ via: { x: number; y: number }[] }, "bend">;

/** A line that leaves and arrives downwards, and passes the places that it was given. */
function BendLine({ sourceX, sourceY, targetX, targetY, data, ...edge }: EdgeProps<Bend>) {
  const { label, labelStyle, markerEnd, style } = edge;
  const points = [
    { x: sourceX, y: sourceY },
    ...(data?.via ?? []).flatMap(({ x, y }) => [
      { x, y },
      { x, y: y + NODE_HEIGHT },
    ]),
    { x: targetX, y: targetY },
  ];
  let path = `M ${sourceX} ${sourceY}`;
  for (const [index, { x, y }] of points.entries()) {
    const from = points[index - 1];
    if (!from) continue;
    const middle = (from.y + y) / 2;
    path += ` C ${from.x} ${middle} ${x} ${middle} ${x} ${y}`;
  }
  const second = points[1] ?? { x: targetX, y: targetY };
  return (
    <BaseEdge
      path={path}
      labelX={(sourceX + second.x) / 2}
      labelY={(sourceY + second.y) / 2}
      label={label}
      labelStyle={labelStyle}
      markerEnd={markerEnd}
      style={style}
    />
  );
}

/** A line back up, beside the nodes. */
function BackLine({ sourceX, sourceY, targetX, targetY, data, ...edge }: EdgeProps<Back>) {
  const lane = (data?.lane ?? 0) * 7;
  const beside = WIDTH / 2 + 14 + lane;
  const side = sourceX < targetX ? sourceX - beside : Math.max(sourceX, targetX) + beside;
  const [below, above] = [sourceY + 12 + lane / 2, targetY - 16 - lane / 2];
  return (
    <BaseEdge
      path={`M ${sourceX} ${sourceY} V ${below} H ${side} V ${above} H ${targetX} V ${targetY}`}
      labelX={side}
      labelY={(below + above) / 2}
      label={edge.label}
      labelStyle={edge.labelStyle}
      markerEnd={edge.markerEnd}
      style={edge.style}
    />
  );
}

function draw(picture: PictureNode[]): { nodes: Node[]; edges: Edge[] } {
  const placed = layout(picture);
  const steps: Step[] = placed.nodes.map(({ node, layer, place }) => ({
    id: node.id,
    type: "step",
    position: { x: place * COLUMN, y: layer * ROW },
    data: { step: node },
  }));
  const edges = placed.ways.map(({ from, to, label, back, via }, index) => ({
    id: `${from}/${to}`,
    source: from,
    target: to,
    // A way that is the only one needs no name.
    label: label === "next" ? "" : label,
    type: back ? "back" : "bend",
    style: { stroke: LINE, ...(back ? { strokeDasharray: "4 4" } : {}) },
    labelStyle: { fontSize: 11 },
    markerEnd: { type: MarkerType.ArrowClosed, color: LINE },
    data: {
      lane: index % 4,
      via: via.map(({ layer, place }) => ({ x: place * COLUMN + WIDTH / 2, y: layer * ROW })),
    },
  }));
  const bends: Node[] = edges.flatMap(({ id, data }) =>
    data.via.map((position, index) => ({
      id: `${id}/${index}`,
      type: "bend",
      position,
      data: {},
      focusable: false,
      selectable: false,
    })),
  );
  return { nodes: [...steps, ...bends], edges };
}
