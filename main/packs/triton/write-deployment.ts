/** The release whose server the studio's client was tried with. */
const image = 'nvcr.io/nvidia/tritonserver:24.10-py3';
const command = ['tritonserver', '--model-repository=/models', '--strict-readiness=true'];

/** `compose.yaml` beside the models: one server, reached from this machine alone. */
export function writeCompose(): string {
  return `# docker compose up
services:
  triton:
    image: ${image}
    command: ${JSON.stringify(command)}
    volumes:
      - ./models:/models:ro
    ports:
      # This machine alone. Another address lets others ask as well: the server knows no keys. 8000 is HTTP, 8001 gRPC.
      - "127.0.0.1:8000:8000"
      - "127.0.0.1:8001:8001"
    shm_size: 1g
    healthcheck:
      test: ["CMD", "curl", "--fail", "--silent", "http://127.0.0.1:8000/v2/health/ready"]
      interval: 5s
      retries: 60
    restart: unless-stopped
    # For a graphics card of NVIDIA, with its container toolkit installed, take the marks away:
    # deploy:
    #   resources:
    #     reservations:
    #       devices:
    #         - driver: nvidia
    #           count: 1
    #           capabilities: [gpu]
`;
}

/**
 * `kubernetes.yaml`: servers that share one volume of models behind one address. Copy `models/` into the volume first.
 * @param name what its parts are called: the pack's id
 */
export function writeKubernetes(name: string): string {
  return `# kubectl apply -f kubernetes.yaml, then copy models/ into the volume (README.md says how)
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}-models
spec:
  accessModes: ["ReadWriteMany"]
  resources:
    requests:
      storage: 20Gi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-triton
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}-triton
  template:
    metadata:
      labels:
        app: ${name}-triton
    spec:
      containers:
        - name: triton
          image: ${image}
          args: ${JSON.stringify(command)}
          ports:
            - containerPort: 8000
            - containerPort: 8001
          readinessProbe:
            httpGet:
              path: /v2/health/ready
              port: 8000
            periodSeconds: 5
          livenessProbe:
            httpGet:
              path: /v2/health/live
              port: 8000
            initialDelaySeconds: 60
            periodSeconds: 10
          volumeMounts:
            - name: models
              mountPath: /models
          # For a graphics card of NVIDIA:
          # resources:
          #   limits:
          #     nvidia.com/gpu: 1
      volumes:
        - name: models
          persistentVolumeClaim:
            claimName: ${name}-models
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}-triton
spec:
  selector:
    app: ${name}-triton
  ports:
    - name: http
      port: 8000
      targetPort: 8000
    - name: grpc
      port: 8001
      targetPort: 8001
`;
}

/** What a person does with it. */
export function writeDeploymentReadme(name: string): string {
  return `# ${name} for Triton

\`models/\` is a model repository of Triton Inference Server. Its names carry the version of the model: export again after an update.

On one machine, with Docker:

    docker compose up
    dediffusion connections add rack --kind kserve --address http://127.0.0.1:8000 --allow
    dediffusion encode *.jpg --device remote:rack

Over gRPC it is \`--kind kserve-grpc --address http://127.0.0.1:8001\`.

On Kubernetes:

    kubectl apply -f kubernetes.yaml
    kubectl cp models <a pod that mounts ${name}-models>:/models

and restart the deployment when all of it is there. The servers know no keys: put something in front of them that does before others can
reach them. Several servers are one connection: give \`--address\` once with all of them.
`;
}
