package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

const manager = "org.freedesktop.login1.Manager"

// Longer than any kubelet asks for, so that none changes the login manager's configuration.
const inhibitDelayMax = uint64(time.Hour / time.Microsecond)

// The system bus of one kubelet. Every program on it hears every signal.
type bus struct {
	mutex   sync.Mutex
	clients map[*net.UnixConn]bool
	// How many hold up a shutdown.
	locks int
	// A shutdown waits for them.
	waiting   bool
	calledOff bool
	// One of these has changed.
	news *sync.Cond
}

// The lines before the first message (https://dbus.freedesktop.org/doc/dbus-specification.html#auth-protocol).
func welcome(conn *net.UnixConn, in *bufio.Reader) error {
	if _, err := in.ReadByte(); err != nil {
		return err
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		words := append(strings.Fields(line), "", "")
		answer := "ERROR\r\n"
		switch {
		case words[0] == "BEGIN":
			return nil
		case words[0] == "AUTH" && words[1] == "":
			answer = "REJECTED EXTERNAL\r\n"
		case words[0] == "AUTH":
			answer = "OK 0123456789abcdef0123456789abcdef\r\n"
		case words[0] == "NEGOTIATE_UNIX_FD":
			answer = "AGREE_UNIX_FD\r\n"
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return err
		}
	}
}

// With b.mutex held: messages of one connection come one after the other.
func send(conn *net.UnixConn, message *dbus.Message) error {
	if len(message.Body) > 0 {
		message.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(message.Body...))
	}
	var rights []byte
	if count, err := message.CountFds(); err != nil {
		return err
	} else if count > 0 {
		message.Headers[dbus.FieldUnixFDs] = dbus.MakeVariant(uint32(count))
	}
	var text bytes.Buffer
	descriptors, err := message.EncodeToWithFDs(&text, binary.LittleEndian)
	if err != nil {
		return err
	}
	if len(descriptors) > 0 {
		rights = syscall.UnixRights(descriptors...)
	}
	_, _, err = conn.WriteMsgUnix(text.Bytes(), rights, nil)
	return err
}

// A lock holds a shutdown up until its holder closes it, or ends.
func (b *bus) inhibit() (*os.File, error) {
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	b.locks++
	go func() {
		_, _ = io.Copy(io.Discard, ours)
		_ = ours.Close()
		b.mutex.Lock()
		defer b.mutex.Unlock()
		b.locks--
		b.news.Broadcast()
	}()
	return theirs, nil
}

func headerText(message *dbus.Message, field dbus.HeaderField) string {
	text, _ := message.Headers[field].Value().(string)
	return text
}

func (b *bus) answer(conn *net.UnixConn, call *dbus.Message) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	reply := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(call.Serial()),
		dbus.FieldSender:      dbus.MakeVariant("org.freedesktop.DBus"),
	}}
	switch method := headerText(call, dbus.FieldInterface) + "." + headerText(call, dbus.FieldMember); method {
	case "org.freedesktop.DBus.Hello":
		reply.Body = []any{":1.1"}
	case "org.freedesktop.DBus.AddMatch", "org.freedesktop.DBus.RemoveMatch":
	case "org.freedesktop.DBus.Properties.Get":
		reply.Body = []any{dbus.MakeVariant(inhibitDelayMax)}
	case manager + ".Inhibit":
		lock, err := b.inhibit()
		if err != nil {
			return err
		}
		defer lock.Close()
		reply.Body = []any{dbus.UnixFD(lock.Fd())}
	default:
		reply.Type = dbus.TypeError
		reply.Headers[dbus.FieldErrorName] = dbus.MakeVariant("org.freedesktop.DBus.Error.UnknownMethod")
		reply.Body = []any{"the rig's login manager has no " + method}
	}
	return send(conn, reply)
}

func (b *bus) serve(conn *net.UnixConn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if welcome(conn, in) != nil {
		return
	}
	b.mutex.Lock()
	b.clients[conn] = true
	b.mutex.Unlock()
	for {
		call, err := dbus.DecodeMessage(in)
		if err != nil {
			break
		}
		if call.Type == dbus.TypeMethodCall {
			if b.answer(conn, call) != nil {
				break
			}
		}
	}
	b.mutex.Lock()
	delete(b.clients, conn)
	b.mutex.Unlock()
}

// With b.mutex held.
func (b *bus) announce(shutdown bool) {
	for conn := range b.clients {
		_ = send(conn, &dbus.Message{Type: dbus.TypeSignal, Body: []any{shutdown}, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:      dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/login1")),
			dbus.FieldInterface: dbus.MakeVariant(manager),
			dbus.FieldMember:    dbus.MakeVariant("PrepareForShutdown"),
			dbus.FieldSender:    dbus.MakeVariant("org.freedesktop.login1"),
		}})
	}
}

// One order on the control socket, and how it ended.
func (b *bus) obey(order string) string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if order == "cancel" {
		if b.waiting && !b.calledOff {
			b.calledOff = true
			b.announce(false)
			b.news.Broadcast()
		}
		return "done"
	}
	if b.waiting {
		return "a shutdown is under way"
	}
	b.waiting, b.calledOff = true, false
	defer func() { b.waiting = false }()
	b.announce(true)
	for b.locks > 0 && !b.calledOff {
		b.news.Wait()
	}
	if b.calledOff {
		return "called off"
	}
	return "done"
}

func accept(socket string, serve func(*net.UnixConn)) error {
	listener, err := listen(socket)
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serve(conn.(*net.UnixConn))
	}
}

func serveBus(args []string) error {
	b := &bus{clients: map[*net.UnixConn]bool{}}
	b.news = sync.NewCond(&b.mutex)
	ended := make(chan error, 2)
	go func() { ended <- accept(args[0], b.serve) }()
	go func() {
		ended <- accept(args[1], func(conn *net.UnixConn) {
			defer conn.Close()
			if order, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
				_, _ = fmt.Fprintln(conn, b.obey(strings.TrimSpace(order)))
			}
		})
	}()
	return <-ended
}

func ask(control, order string) error {
	conn, err := net.Dial("unix", control)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := fmt.Fprintln(conn, order); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	switch answer = strings.TrimSpace(answer); answer {
	case "done":
		return nil
	case "called off":
		fail(75, errors.New("the shutdown was called off"))
	}
	return errors.New(answer)
}

func shutDown(args []string) error { return ask(args[0], "shutdown") }
func callOff(args []string) error  { return ask(args[0], "cancel") }
