// What a rig's machine has beside Kubernetes: a runtime whose calls can be made to fail, and a shutdown that is announced.
//
//	machine cri SOCKET RUNTIME FAULTS   hands on the calls of a kubelet to its runtime, but for those that FAULTS says fail
//	machine fault FAULTS [FAULT]        adds a fault (JSON, as a node driver gets it); without one, no call fails any more
//	machine logind BUS CONTROL          is the system bus of a kubelet, with nobody on it but systemd's login manager
//	machine shutdown CONTROL            announces a shutdown, and ends when nobody holds it up any more; 75 if it is called off
//	machine cancel CONTROL              calls it off
package main

import (
	"fmt"
	"os"
)

func fail(status int, err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(status)
}

func main() {
	commands := map[string]func([]string) error{
		"cri 3": serveRuntime, "fault 1": endFaults, "fault 2": addFault,
		"logind 2": serveBus, "shutdown 1": shutDown, "cancel 1": callOff,
	}
	if len(os.Args) > 1 {
		if run, known := commands[fmt.Sprint(os.Args[1], " ", len(os.Args)-2)]; known {
			if err := run(os.Args[2:]); err != nil {
				fail(70, err)
			}
			return
		}
	}
	fail(64, fmt.Errorf("usage: machine cri | fault | logind | shutdown | cancel, each with its files"))
}
