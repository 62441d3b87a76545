// The peer: grpc-gateway, as its documentation has one set up.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	"bench/list"
	"github.com/grpc-ecosystem/grpc-gateway/runtime"
	"google.golang.org/grpc"
)

func main() {
	upstream := flag.String("upstream", "", "address of the gRPC server")
	flag.Parse()
	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.JSONPb{OrigName: true, EmitDefaults: true}))
	err := list.RegisterListServiceHandlerFromEndpoint(context.Background(), mux, *upstream, []grpc.DialOption{grpc.WithInsecure()})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.WriteString("ready " + listener.Addr().String() + "\n")
	log.Fatal(http.Serve(listener, mux))
}
