package main

import (
	"errors"
	"io"
	"net"
	"os"
	"path"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// What kubelet and runtime allow (pkg/kubelet/cri/remote).
const maxMessage = 16 * 1024 * 1024

// Messages as they are: what is handed on need not be understood.
type bytesCodec struct{}

func (bytesCodec) Name() string                        { return "proto" }
func (bytesCodec) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, message any) error {
	*message.(*[]byte) = append([]byte(nil), data...)
	return nil
}

type proxy struct {
	runtime *grpc.ClientConn
	faults  string
}

// The pod that a call is for, where faults can be for pods.
func podOf(call string, request []byte) string {
	switch call {
	case "RunPodSandbox":
		var message cri.RunPodSandboxRequest
		if proto.Unmarshal(request, &message) == nil {
			return message.GetConfig().GetMetadata().GetName()
		}
	case "CreateContainer":
		var message cri.CreateContainerRequest
		if proto.Unmarshal(request, &message) == nil {
			return message.GetSandboxConfig().GetMetadata().GetName()
		}
	}
	return ""
}

func (p *proxy) refusal(call string, request []byte) error {
	switch call {
	case "RunPodSandbox", "CreateContainer":
		if found := faultFor(p.faults, call, podOf(call, request)); found != nil {
			return status.Error(codes.Unknown, found.Message)
		}
	case "Status":
		if faultFor(p.faults, call, "") != nil {
			return status.Error(codes.Unavailable, "the runtime does not say how it is")
		}
	}
	return nil
}

// A runtime says in its status whether its network is ready.
func (p *proxy) answer(call string, response []byte) []byte {
	if call != "Status" {
		return response
	}
	found := faultFor(p.faults, "NetworkReady", "")
	var message cri.StatusResponse
	if found == nil || proto.Unmarshal(response, &message) != nil {
		return response
	}
	for _, condition := range message.GetStatus().GetConditions() {
		if condition.Type == cri.NetworkReady {
			condition.Status, condition.Reason, condition.Message = false, "NetworkPluginNotReady", found.Message
		}
	}
	changed, err := proto.Marshal(&message)
	if err != nil {
		return response
	}
	return changed
}

// One call: the CRI has none in which the client sends more than one message.
func (p *proxy) handle(_ any, kubelet grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(kubelet)
	call := path.Base(method)
	var request []byte
	if err := kubelet.RecvMsg(&request); err != nil {
		return err
	}
	if err := p.refusal(call, request); err != nil {
		return err
	}
	ctx := kubelet.Context()
	if sent, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, sent)
	}
	runtime, err := p.runtime.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return err
	}
	if err := runtime.SendMsg(&request); err != nil {
		return err
	}
	if err := runtime.CloseSend(); err != nil {
		return err
	}
	for {
		var response []byte
		if err := runtime.RecvMsg(&response); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		response = p.answer(call, response)
		if err := kubelet.SendMsg(&response); err != nil {
			return err
		}
	}
}

func listen(socket string) (net.Listener, error) {
	if err := os.MkdirAll(path.Dir(socket), 0o755); err != nil {
		return nil, err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return net.Listen("unix", socket)
}

func serveRuntime(args []string) error {
	runtime, err := grpc.NewClient("unix://"+args[1],
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
	if err != nil {
		return err
	}
	socket, err := listen(args[0])
	if err != nil {
		return err
	}
	p := &proxy{runtime: runtime, faults: args[2]}
	return grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.UnknownServiceHandler(p.handle),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage)).Serve(socket)
}
