/* Telling the service manager how the server is (sd_notify): a datagram to the socket that it
 * names. */
#ifndef CLI_NOTIFY_H
#define CLI_NOTIFY_H

/* "READY=1", "STOPPING=1". Without a service manager, or when it does not listen, nothing. */
void notify_manager(const char *state);

#endif
